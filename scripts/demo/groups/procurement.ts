import type { ScriptedGroup } from "../script.ts";

export const procurement: ScriptedGroup = {
  name: "Strategic public procurement",
  description: "Labour clauses, subcontracting chains, and buying as if people mattered.",
  founder: "ingrid",
  second: "diego",
  others: ["ana", "claire", "haruka", "wei"],
  topics: [
    {
      title: "Labour clauses that survive a legal challenge",
      posts: [
        [
          "ingrid",
          "Collecting wording. Ours so far:\n\n> The contractor and every subcontractor apply at least the pay and hours of the collective agreement in force where the work is done.\n\nThe words *every subcontractor* were challenged, and stood (invented case).",
        ],
        [
          "claire",
          "Il manque la preuve : « fournit chaque trimestre les bulletins de paie anonymisés ». Sans contrôle, la clause reste une déclaration.",
        ],
        [
          "diego",
          "Y la sanción. Nosotros pedimos una **retención del 5 %** del pago hasta que se corrija el incumplimiento.",
        ],
        [
          "wei",
          "请注意核查由谁来做。如果由采购部门自己检查，基本不会发现问题；我们建议工会代表每年至少参加两次现场检查。",
        ],
      ],
    },
    {
      title: "下請けの連鎖をどう見えるようにするか",
      posts: [
        [
          "haruka",
          "四次下請けまである清掃契約で、実際に誰が働いているのか分かりませんでした。次の入札で求めたいこと：\n\n- すべての下請けの**名簿**を公開する\n- 二次までに制限する\n- 変更は事前に届け出る\n\nほかに有効だった条件はありますか。",
        ],
        [
          "ingrid",
          "A limit of two levels works here. The register must be *searchable*, otherwise it is a scanned pile of paper.",
        ],
        ["ana", "And a phone number on the uniform of whom to call about pay. Workers used it more than any register."],
      ],
    },
  ],
};
