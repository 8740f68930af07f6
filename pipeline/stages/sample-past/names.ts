import { asciiLower } from '../../domain/names.ts';

/** Names of the sample's people: of most none, of some their login in words, of a few in another script. */

/** "Sample", and mostly "Otter", in the languages of many scripts; no name of anybody. */
const SCRIPTS = [
  'Δείγμα Βίδρα',
  'Образец Выдра',
  '样本 水獭',
  '見本 カワウソ',
  '샘플 수달',
  'عينة ثعلب الماء',
  'דוגמה לוטרה',
  'नमूना ऊदबिलाव',
  'নমুনা ভোঁদড়',
  'மாதிரி நீர்நாய்',
  'ตัวอย่าง นาก',
  'Նմուշ Ջրասամույր',
  'ნიმუში წავი',
  'Mẫu Rái Cá',
  'Šámple Öttër',
  'Sample Otter 🦦',
  'Sample Otter-of-the-Very-Long-River-That-Never-Seems-to-End and Her Seven Sisters',
];

/** One in so many has a name, and one in so many of the others one in another script. */
const [NAMED, FOREIGN] = [3, 13];

/** The name of an account; null: it has none. */
export function nameOf({ id, login }: { id: number; login: string }): string | null {
  if (!login.startsWith('sample-')) return null;
  if (id % FOREIGN === 5) return SCRIPTS[Math.floor(id / FOREIGN) % SCRIPTS.length] ?? null;
  return id % NAMED === 1 ? toWords(login) : null;
}

/** `Sample Misty Lynx` */
const toWords = (login: string): string =>
  asciiLower(login)
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
