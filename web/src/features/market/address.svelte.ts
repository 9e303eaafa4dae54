import { goto } from '$app/navigation';
import { page } from '$app/state';
import { changed, read, type Shown } from './address';

/** What is shown, which the address of the page holds. */
export class Address {
	readonly now: Shown = $derived(read(page.url.searchParams));

	set(change: Partial<Shown>): void {
		const text = changed(page.url.searchParams, change);
		if (text === page.url.searchParams.toString()) return;
		void goto(text ? `?${text}` : page.url.pathname, { replaceState: true, keepFocus: true, noScroll: true });
	}
}
