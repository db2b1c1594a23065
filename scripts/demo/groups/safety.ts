import type { ScriptedGroup } from "../script.ts";

export const safety: ScriptedGroup = {
  name: "OSH",
  description:
    "Occupational safety and health: heat, violence, needles, vehicles, and the right to stop dangerous work.",
  founder: "chidi",
  second: "ana",
  others: ["bongani", "haruka", "ingrid", "lakshmi", "neema"],
  waiting: { who: "tomas", note: "Me interesa el tema del calor en plantas de tratamiento." },
  topics: [
    {
      title: "Working in heat: when do crews stop?",
      posts: [
        [
          "chidi",
          "We want a rule that a crew can apply **without asking anybody**. Current draft:\n\n- from 30 °C: ten minutes of shade an hour, water on the vehicle\n- from 35 °C: heavy lifting stops\n- from 38 °C: outdoor work stops\n\nHumidity is missing. Has anyone agreed on wet-bulb limits?",
        ],
        [
          "haruka",
          "私たちは暑さ指数（WBGT）を使っています。28で休憩を増やし、31で屋外の重作業を止めます。測定器は各車両に一つ必要です。安い物は誤差が大きいので注意してください。",
        ],
        [
          "lakshmi",
          "गर्मी में काम का समय सुबह पाँच से ग्यारह बजे कर दिया गया। वेतन पूरे दिन का रहा, यह बात समझौते में **लिखवाना** ज़रूरी था।",
        ],
        ["ingrid", "Writing it in is the lesson here too. An *instruction* disappears with the manager who gave it."],
        [
          "bongani",
          "Shift start at 05:00 needs buses at 04:15. Put transport into the same paragraph, or half the crew cannot come.",
        ],
      ],
    },
    {
      title: "Needlestick injuries: a reporting form people really fill in",
      posts: [
        [
          "ingrid",
          "Our old form had 42 fields. The new one has **five**:\n\n1. when\n2. where\n3. what kind of needle\n4. treated within an hour: yes or no\n5. what would have prevented it\n\nReports tripled. Injuries did not; we had simply never heard of them.",
        ],
        [
          "chidi",
          'May we use it? We would add "cleaner, nurse, laundry, other": with us most of them are laundry workers, whom no statistic showed.',
        ],
        ["neema", "Sisi pia tungependa kuitumia, kwa Kiswahili. Nitatafsiri wiki hii."],
      ],
    },
    {
      title: "Violence at the counter",
      posts: [
        [
          "ana",
          "Três situações na mesma semana, no mesmo balcão. Propostas em discussão:\n\n- nunca **uma pessoa sozinha** depois das 18 h,\n- botão de alarme testado todos os meses,\n- a chefia telefona no próprio dia a quem sofreu a agressão.",
        ],
        [
          "chidi",
          "The third point costs nothing and is the one that was refused here for a year. Do not trade it away.",
        ],
      ],
    },
  ],
};
