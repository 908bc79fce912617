/** The languages of the page, under their BCP 47 names. */
export const LANGUAGES = ['en', 'zh'] as const;

export type Language = (typeof LANGUAGES)[number];

/** Each language's name in itself, and the locales by which it writes numbers and dates. */
export const LANGUAGE: Readonly<
  Record<
    Language,
    { readonly name: string; readonly tag: string; readonly numbers: string; readonly dates: string }
  >
> = {
  en: { name: 'English', tag: 'en', numbers: 'en', dates: 'en-GB' },
  zh: { name: '中文', tag: 'zh-Hans', numbers: 'zh-CN', dates: 'zh-CN' },
};

/** The first of a reader's preferred languages that the page has; English where it has none. */
export function preferred(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const found = LANGUAGES.find((language) => tag.toLowerCase().split('-')[0] === language);
    if (found !== undefined) return found;
  }
  return 'en';
}

const STORE = 'quorate.language';

/** The language for whoever opens the page: as the address says (`?lang=zh`), else as last chosen, else as the browser is set. */
export function recalled(): Language {
  const asked = new URLSearchParams(location.search).get('lang');
  return preferred([asked, stored(), ...navigator.languages].filter((tag) => tag !== null));
}

/** Keeps a choice for the next time, where the browser lets a file keep anything. */
export function remember(language: Language): void {
  try {
    localStorage.setItem(STORE, language);
  } catch {
    // a page from the file system may have no storage: then the choice lasts as long as the page is open
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(STORE);
  } catch {
    return null;
  }
}
