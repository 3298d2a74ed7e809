// Days and hours as they are said. Not by the browser's own tables of languages (Intl): to load them
// takes an old phone longer than to draw the whole screen.

export type Tongue = "zh-hans" | "bo" | "en";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"];
const WEEK: Record<Tongue, string[]> = {
  "zh-hans": ["周日", "周一", "周二", "周三", "周四", "周五", "周六"],
  bo: ["གཟའ་ཉི་མ།", "གཟའ་ཟླ་བ།", "གཟའ་མིག་དམར།", "གཟའ་ལྷག་པ།", "གཟའ་ཕུར་བུ།", "གཟའ་པ་སངས།", "གཟའ་སྤེན་པ།"],
  en: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
};
const SAME_ALL_YEAR: Record<string, number> = { "Asia/Shanghai": 8, "Asia/Urumqi": 6, UTC: 0 };
const two = (value: number) => String(value).padStart(2, "0");

export function hourOf(when: Date): string {
  return `${two(when.getHours())}:${two(when.getMinutes())}`;
}

export function dateOf(when: Date, tongue: Tongue): string {
  const [month, day] = [when.getMonth(), when.getDate()];
  if (tongue === "bo") return `ཟླ་ ${month + 1} ཚེས་ ${day}`;
  return tongue === "en" ? `${day} ${MONTHS[month]}` : `${month + 1}月${day}日`;
}

export function weekdayOf(when: Date, tongue: Tongue): string {
  return WEEK[tongue][when.getDay()]!;
}

/** The day in that zone, or where the phone stands as long as none is known. */
export function dayIn(zone: string | undefined, when: Date): string {
  if (!zone) return `${when.getFullYear()}-${two(when.getMonth() + 1)}-${two(when.getDate())}`;
  const ahead = SAME_ALL_YEAR[zone];
  if (ahead === undefined) return new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(when);
  return new Date(when.getTime() + ahead * 3_600_000).toISOString().slice(0, 10);
}
