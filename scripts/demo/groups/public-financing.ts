import type { ScriptedGroup } from "../script.ts";

export const publicFinancing: ScriptedGroup = {
  name: "LRG public financing",
  description:
    "Money for local and regional government: transfers, own taxes, debt, and what it means for services and pay.",
  founder: "ana",
  second: "claire",
  others: ["bongani", "diego", "ingrid", "lakshmi", "wei"],
  topics: [
    {
      title: "Transfers are late again: what do your members see?",
      posts: [
        [
          "ana",
          "In our (invented) region the state transfer for the second quarter came **eleven weeks late**. The council paid suppliers first and overtime last.\n\nFor a common paper I would like to collect:\n\n1. how late transfers were this year,\n2. what was paid last,\n3. whether anybody told the workforce in advance.",
        ],
        [
          "claire",
          "Chez nous, la dotation est arrivée à temps, mais son montant a été réduit de 4 % *après* le vote du budget. La direction a gelé les remplacements : les congés maladie ne sont plus couverts dans deux services sur trois.",
        ],
        [
          "bongani",
          "Six weeks here. Nobody was told. The first sign was that the fuel cards for the refuse trucks stopped working.\n\n> what was paid last\n\nShift allowances, for two months in a row.",
        ],
        [
          "diego",
          "Aquí el retraso fue de nueve semanas. Lo que funcionó: pedir por escrito el **calendario de pagos** antes de la negociación. Con la respuesta en la mano, la mesa no pudo decir que «no había datos».",
        ],
        [
          "lakshmi",
          "हमारे यहाँ किस्त सात सप्ताह देर से आई। ठेका कर्मचारियों का वेतन सबसे पहले रुका, इसलिए हम अब हर महीने की पाँच तारीख़ को भुगतान की सूची माँगते हैं।",
        ],
      ],
    },
    {
      title: "A one-page guide to reading a municipal budget",
      posts: [
        [
          "ingrid",
          "Draft for shop stewards who open the budget for the first time. Comments welcome.\n\n| Look at | Ask |\n|---|---|\n| staff costs, three years | does it follow the agreed pay? |\n| consultants | who replaced whom? |\n| reserves | what are they tied to? |\n| debt service | fixed or variable rate? |\n\nThe whole thing must stay on **one page**.",
        ],
        ["wei", "建议加一行：“外包服务的合同期限”。很多城市把人工成本移到了服务采购里，只看工资科目会得出错误的结论。"],
        [
          "ana",
          "Boa ideia, 小伟. I would put it right below *consultants*. Could somebody make a Spanish version by the end of the month?",
        ],
        ["diego", "Yo me encargo del español. Lo subo aquí en dos semanas."],
      ],
    },
    {
      title: "Property tax reform: arguments that work in a council meeting",
      posts: [
        [
          "bongani",
          "We have ten minutes before the council next month. What has worked elsewhere?\n\n- local examples (one street, two houses, two tax bills)\n- never more than **three** numbers\n- a nurse or a driver speaks, not the treasurer",
        ],
        [
          "claire",
          "D'accord sur les trois chiffres. Ajoutez une phrase sur ce que la recette *paie* : « 1 point = 40 places en crèche ». (Exemple inventé, à remplacer par le vôtre.)",
        ],
      ],
    },
  ],
};
