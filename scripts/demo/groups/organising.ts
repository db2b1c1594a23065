import type { ScriptedGroup } from "../script.ts";

export const organising: ScriptedGroup = {
  name: "Organising and trade union rights",
  description: "Recruiting, recognition, protection of representatives, and strikes in essential services.",
  founder: "bongani",
  second: "farah",
  others: ["ana", "chidi", "claire", "diego", "haruka", "lakshmi", "neema"],
  topics: [
    {
      title: "First conversations with agency workers",
      posts: [
        [
          "bongani",
          'Agency cleaners on nights: about ninety people, nobody a member in January, *thirty-one* now. What we did:\n\n1. Two organisers on the 22:40 bus, every Tuesday.\n2. One question only: "What would you change first?"\n3. A map of who trusts whom, on paper, kept by the cleaners themselves.\n\nWhat did **not** work: leaflets at the gate.',
        ],
        [
          "neema",
          "Kwetu wafanyakazi wa wakala wanaogopa kuonekana na viongozi wa chama. Tulianza na kikundi cha kuweka akiba; baada ya miezi mitatu mazungumzo kuhusu mkataba yalikuja yenyewe.",
        ],
        [
          "chidi",
          "The savings group is a fine idea. Did the employer notice? With us the first meeting was reported to the manager within a day.",
        ],
        ["neema", "Hapana, kwa sababu kikundi kilikuwa cha kweli na mikutano ilifanyika **nje ya eneo la kazi**."],
        [
          "haruka",
          "夜勤の人と話すときは、休憩時間の後半が良いです。前半は食事と電話で終わってしまいます。最初の一回は五分以内にしています。",
        ],
      ],
    },
    {
      title: "حماية المندوبين النقابيين من النقل التعسفي",
      posts: [
        [
          "farah",
          "نُقلت ثلاث مندوبات إلى مراكز بعيدة بعد أسبوع واحد من الانتخابات (المثال متخيَّل لأغراض العرض).\n\nنبحث عن:\n\n- نصوص اتفاقيات تمنع النقل **خلال سنة** من الانتخاب؛\n- أحكام قضائية يمكن الاستشهاد بها؛\n- طريقة سريعة لتوثيق التسلسل الزمني.",
        ],
        [
          "claire",
          "Notre accord prévoit qu'une mutation d'élu·e exige l'avis **écrit** de la section, avec un délai de quinze jours. Je peux partager la clause, traduite.",
        ],
        ["farah", "شكرًا كلير. التأخير بخمسة عشر يومًا وحده كان سيكفي هنا."],
        ["lakshmi", "समय-रेखा के लिए हम एक साधारण तालिका रखते हैं: तारीख़, कौन, क्या कहा, गवाह। अदालत में यही सबसे काम आई।"],
      ],
    },
    {
      title: "Minimum service: who decides what is essential?",
      posts: [
        [
          "diego",
          "La empresa propone un servicio mínimo del **85 %**. Con esa cifra no hay huelga. ¿Qué porcentajes se han pactado en residuos y en agua?",
        ],
        [
          "ana",
          "No nosso exemplo: 40 % na recolha, 100 % só em hospitais e lares. Foi decidido por uma comissão com três pessoas de cada lado, *antes* do conflito.",
        ],
        ["bongani", "Before the dispute is the point. Once the notice is out every number is a weapon."],
      ],
    },
  ],
};
