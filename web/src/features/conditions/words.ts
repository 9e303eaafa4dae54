import { m } from '$lib/paraglide/messages';

const WORDS: Record<string, () => string> = {
	crosses_above: m.conditions_op_crosses_above,
	crosses_below: m.conditions_op_crosses_below,
	between: m.conditions_op_between,
	outside: m.conditions_op_outside,
	rising: m.conditions_op_rising,
	falling: m.conditions_op_falling
};

/** Signs say themselves; words are said in the reader's language. */
export const operatorWord = (op: string): string => WORDS[op]?.() ?? op;
