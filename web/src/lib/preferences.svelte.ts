/** What one person prefers in this browser. */
export type Zone = 'utc' | 'local';

const KEY = 'assay.preferences';

interface Stored {
	zone: Zone;
	sidebar: 'wide' | 'narrow';
}

function read(): Stored {
	const fallback: Stored = { zone: 'utc', sidebar: 'wide' };
	if (typeof localStorage === 'undefined') return fallback;
	try {
		return { ...fallback, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Stored>) };
	} catch {
		return fallback;
	}
}

class Preferences {
	#stored: Stored = $state(read());

	get zone(): Zone {
		return this.#stored.zone;
	}
	set zone(zone: Zone) {
		this.#save({ ...this.#stored, zone });
	}
	get sidebar(): Stored['sidebar'] {
		return this.#stored.sidebar;
	}
	set sidebar(sidebar: Stored['sidebar']) {
		this.#save({ ...this.#stored, sidebar });
	}

	#save(stored: Stored): void {
		this.#stored = stored;
		localStorage.setItem(KEY, JSON.stringify(stored));
	}
}

export const preferences = new Preferences();
