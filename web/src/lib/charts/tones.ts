/** Colours for the canvas, read from the tokens of the page: the chart library wants them as hex. */
export interface Tones {
	surface: string;
	line: string;
	fg: string;
	text: string;
	quiet: string;
	brand: string;
	info: string;
	warn: string;
	candleUp: string;
	candleDown: string;
	volumeUp: string;
	volumeDown: string;
	grid: string;
}

export function tones(): Tones {
	const style = getComputedStyle(document.documentElement);
	const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
	return {
		surface: token('surface'),
		line: token('line'),
		fg: token('fg'),
		text: token('fg-2'),
		quiet: token('fg-3'),
		brand: token('brand'),
		info: token('info'),
		warn: token('warn'),
		candleUp: token('candle-up'),
		candleDown: token('candle-down'),
		volumeUp: token('volume-up'),
		volumeDown: token('volume-down'),
		grid: token('grid')
	};
}

/** `#rrggbb` made see-through. */
export const thin = (color: string, share: number) =>
	color +
	Math.round(share * 255)
		.toString(16)
		.padStart(2, '0');

/** Colours of lines over the candles, one after the other. */
export const lineTones = ['info', 'warn', 'brand', 'quiet'] as const satisfies (keyof Tones)[];

/** Calls back after light has become dark or the other way round. Answers how to stop. */
export function onTheme(changed: () => void): () => void {
	const observer = new MutationObserver(changed);
	observer.observe(document.documentElement, { attributes: true, attributeFilter: ['class'] });
	return () => observer.disconnect();
}
