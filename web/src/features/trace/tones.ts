import type { Tone } from './outcomes';

/** Beside the words, never instead of them. */
export const swatches: Record<Tone, string> = {
	acted: 'bg-brand',
	stood: 'bg-brand/40',
	stopped: 'bg-warn',
	idle: 'bg-line-2'
};
