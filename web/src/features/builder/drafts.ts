import { isParked, type Parked } from './parked';

/** What was not saved, kept in this browser so that a reload loses nothing. */
export interface Draft {
	/** The version that was edited. */
	version: number;
	text: string;
	at: string;
	/** Conditions that are set aside, which no document has. */
	parked: readonly Parked[];
}

type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const key = (strategy: string) => `assay.draft.${strategy}`;

export class Drafts {
	constructor(private readonly shelf: Shelf) {}

	keep(strategy: string, draft: Draft): void {
		try {
			this.shelf.setItem(key(strategy), JSON.stringify(draft));
		} catch {
			// The browser's store is full or closed: there is nothing better to do than to go on.
		}
	}

	/** None where there is none, where it cannot be read, and where it says what is saved anyway. */
	find(strategy: string, saved: string): Draft | null {
		try {
			const draft: unknown = JSON.parse(this.shelf.getItem(key(strategy)) ?? 'null');
			return isDraft(draft) && (draft.text !== saved || draft.parked.length) ? draft : null;
		} catch {
			return null;
		}
	}

	drop(strategy: string): void {
		try {
			this.shelf.removeItem(key(strategy));
		} catch {
			// As above.
		}
	}
}

function isDraft(value: unknown): value is Draft {
	if (typeof value !== 'object' || value === null) return false;
	const { version, text, at, parked } = value as Record<string, unknown>;
	if (typeof version !== 'number' || typeof text !== 'string' || typeof at !== 'string') return false;
	return Array.isArray(parked) && parked.every(isParked);
}

export const rightNow = (): string => new Date().toISOString();
