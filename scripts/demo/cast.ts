import type { CastMember } from "./script.ts";

/** Everybody in the demonstration, all of them made up. The first makes the hall's first account. */
export const cast: readonly CastMember[] = [
  { slug: "ana", name: "Demo Ana", union: "Demo Public Services Union", languages: ["pt", "en"] },
  { slug: "bongani", name: "Demo Bongani", union: "Demo Municipal Workers", languages: ["en"] },
  { slug: "chidi", name: "Demo Chidi", union: "Demo Health Workers", languages: ["en"] },
  { slug: "claire", name: "Démo Claire", union: "Syndicat Démo des services publics", languages: ["fr", "en"] },
  { slug: "diego", name: "Demo Diego", union: "Sindicato Demo de Servicios", languages: ["es"] },
  { slug: "farah", name: "فرح (تجريبي)", union: "النقابة التجريبية للخدمات العامة", languages: ["ar", "fr"] },
  { slug: "haruka", name: "デモ はるか", union: "デモ公共サービス労働組合", languages: ["ja"] },
  { slug: "ingrid", name: "Demo Ingrid", union: "Demofacket", languages: ["sv", "en"] },
  { slug: "lakshmi", name: "डेमो लक्ष्मी", union: "डेमो लोक सेवा यूनियन", languages: ["hi", "en"] },
  { slug: "neema", name: "Demo Neema", union: "Chama cha Mfano cha Huduma za Umma", languages: ["sw", "en"] },
  { slug: "tomas", name: "Demo Tomás", union: "Sindicato Demo de Agua y Saneamiento", languages: ["es", "pt"] },
  { slug: "wei", name: "演示 小伟", union: "演示公共服务工会", languages: ["zh", "en"] },
];
