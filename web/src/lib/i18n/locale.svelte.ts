import {
	baseLocale,
	isLocale,
	overwriteGetLocale,
	overwriteSetLocale,
	type Locale
} from '$lib/paraglide/runtime';

const KEY = 'PARAGLIDE_LOCALE';

function stored(): Locale {
	const chosen = typeof localStorage === 'undefined' ? null : localStorage.getItem(KEY);
	if (isLocale(chosen)) return chosen;
	const preferred = typeof navigator === 'undefined' ? '' : navigator.language.slice(0, 2);
	return isLocale(preferred) ? preferred : baseLocale;
}

/** The language of the page. Every message reads it, so a change redraws the texts without a reload. */
class I18n {
	locale: Locale = $state(stored());

	set(locale: Locale): void {
		this.locale = locale;
		localStorage.setItem(KEY, locale);
		document.documentElement.lang = locale;
	}
}

export const i18n = new I18n();
overwriteGetLocale(() => i18n.locale);
overwriteSetLocale((locale) => i18n.set(locale as Locale));
