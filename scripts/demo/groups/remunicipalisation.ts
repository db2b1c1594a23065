import type { ScriptedGroup } from "../script.ts";

export const remunicipalisation: ScriptedGroup = {
  name: "Remunicipalisation",
  description: "Bringing services back into public hands, and what happens to the people who work in them.",
  founder: "claire",
  second: "tomas",
  others: ["ana", "diego", "farah", "wei"],
  topics: [
    {
      title: "Transfer of staff: seniority, pensions, works councils",
      posts: [
        [
          "claire",
          "Le contrat d'eau se termine dans quatorze mois. Questions ouvertes :\n\n1. reprise de l'**ancienneté**,\n2. droits à pension acquis chez l'opérateur,\n3. mandats des élu·es pendant la transition.\n\nQui a une liste de contrôle ?",
        ],
        [
          "tomas",
          "Nuestra lista, resumida:\n\n- censo de plantilla firmado por ambas partes **doce meses** antes\n- antigüedad reconocida desde el primer contrato, también el temporal\n- ningún cambio de turno durante el primer año\n- comisión de seguimiento con reuniones mensuales",
        ],
        [
          "ana",
          "Do censo: peçam também as *subcontratadas*. No nosso exemplo eram um terço das pessoas e ninguém as tinha contado.",
        ],
        ["farah", "وماذا عن صندوق التقاعد؟ عندنا بقيت الأموال لدى المشغّل السابق عامين كاملين."],
        ["tomas", "Eso hay que resolverlo **antes** de la firma. Después nadie tiene prisa."],
      ],
    },
    {
      title: "What to ask before the concession ends",
      posts: [
        [
          "diego",
          "Diez preguntas para el ayuntamiento. Las tres primeras:\n\n1. ¿Quién tiene los planos de la red y los datos de los contadores?\n2. ¿Qué inversiones quedaron sin hacer?\n3. ¿Cuántas personas conocen la telemetría, y para quién trabajan?",
        ],
        ["wei", "第三个问题最重要。设备可以买，但只有三个人知道系统怎样运行，而他们的合同下个月到期。"],
        [
          "claire",
          "Nous avons fait embaucher ces personnes **six mois avant** la reprise. Cela a coûté peu et sauvé le premier hiver.",
        ],
      ],
    },
  ],
};
