/** The time, once a second, for everything that says how old it is. One timer for the page, and none while it is hidden. */
class Now {
	value = $state(Date.now());

	constructor() {
		if (typeof document === 'undefined') return;
		setInterval(() => {
			if (!document.hidden) this.value = Date.now();
		}, 1000);
	}
}

export const now = new Now();
