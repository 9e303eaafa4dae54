import { goto } from '$app/navigation';
import { page } from '$app/state';
import { asked, changed, NOTHING, read, type Filter } from './filters';

/** The filters of the list of results. They live in the address, so that a list can be shared, and gone back to. */
export class Filters {
	readonly now = $derived(read(page.url.searchParams));
	readonly asked = $derived(asked(this.now));
	readonly any = $derived(Object.keys(this.asked).length > 0);

	set(change: Partial<Filter>): void {
		const text = changed(page.url.searchParams, change);
		void goto(text ? `?${text}` : page.url.pathname, {
			replaceState: true,
			keepFocus: true,
			noScroll: true
		});
	}

	clear(): void {
		this.set(NOTHING);
	}
}
