/** What the controls of the form need besides the document: the catalog, and the last bars of the first instrument. */
import { createContext } from 'svelte';
import type { Schemas } from '$lib/api/client';
import type { Choice } from './document/operands';

export interface Plot {
	readonly pane: 'price' | 'own';
	readonly outputs: readonly { label: string; values: readonly (number | null)[] }[];
}

export interface Setting {
	readonly catalog: ReadonlyMap<string, Schemas['Indicator']>;
	readonly choices: readonly Choice[];
	/** What a document's schema offers; null until it is known. */
	readonly schema: Record<string, unknown> | null;
	readonly timeframes: readonly Schemas['TimeframeItem'][];
	readonly bars: Schemas['BarColumns'] | null;
	/** What a series was at the last bar; null where it is not known. */
	lastOf: (series: string) => number | null;
	/** The outputs of a series on the last bars. */
	plotOf: (series: string) => Plot | null;
	readonly coarserBars: boolean;
	/** How many decisions a rule makes in the preview; null where that is not known. */
	decidedBy: (rule: string) => number | null;
	/** Which series and which parameter are unfolded. */
	readonly opened: { series: string | null; parameter: string | null };
	/** Shows the control of a path, whatever it is folded into. */
	jump: (path: string) => void;
}

export const [theSetting, setSetting] = createContext<Setting>();
