import type { ScriptedGroup } from "../script.ts";

export const climate: ScriptedGroup = {
  name: "Climate, disasters and the environment",
  description: "Floods, fires, storms, and the people who are sent out when everybody else goes home.",
  founder: "neema",
  second: "lakshmi",
  others: ["bongani", "chidi", "farah", "haruka", "tomas", "wei"],
  topics: [
    {
      title: "Mafuriko: nani anaitwa kazini, na kwa masharti gani?",
      posts: [
        [
          "neema",
          "Wakati wa mafuriko (mfano wa kubuni) wafanyakazi wa maji walifanya kazi saa kumi na nane mfululizo. Tunapendekeza:\n\n- zamu zisizozidi **saa kumi na mbili**\n- usafiri na chakula kutoka kwa mwajiri\n- likizo ya mapumziko ndani ya wiki mbili",
        ],
        ["lakshmi", "हम इसमें परिवार की सुरक्षा जोड़ना चाहते हैं: जिनका अपना घर डूबा हो, उन्हें पहले दिन बुलाया न जाए।"],
        [
          "haruka",
          "同感です。職員自身も被災者です。私たちの協定では、安否確認と避難が済むまで招集しないことになっています。",
        ],
        [
          "tomas",
          "Y un seguro que cubra el trayecto. Dos compañeros se accidentaron yendo a la planta, y la discusión fue si «ya estaban trabajando».",
        ],
      ],
    },
    {
      title: "Fire season: masks, shifts, lungs",
      posts: [
        [
          "bongani",
          "Smoke for three weeks. Questions for those who had it before:\n\n1. Which masks can be worn for a whole shift?\n2. From which air reading on does outdoor work stop?\n3. Who pays for the **lung check** afterwards?",
        ],
        ["wei", "我们的经验：每两小时换一次口罩，每班至少四个。室外作业的上限写进了协议，不再由当天的主管决定。"],
        [
          "chidi",
          "The lung check is paid by the employer here, one month *and* one year after. The second date found more than the first.",
        ],
      ],
    },
    {
      title: "خطة الطوارئ: ما دور النقابة؟",
      posts: [
        [
          "farah",
          "البلدية تكتب خطة طوارئ جديدة دون استشارة العاملين. نقترح ثلاثة بنود: التدريب المدفوع، قائمة اتصال محدّثة، و**حق الانسحاب** من الخطر الوشيك.",
        ],
        [
          "neema",
          "Haki ya kujiondoa kwenye hatari ni muhimu zaidi. Iandikwe kwa maneno rahisi, na ibandikwe ndani ya kila gari.",
        ],
      ],
    },
  ],
};
