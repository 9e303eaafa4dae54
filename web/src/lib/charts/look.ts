import {
	ColorType,
	CrosshairMode,
	LineStyle,
	TickMarkType,
	type ChartOptions,
	type DeepPartial,
	type Time
} from 'lightweight-charts';
import { dated } from '$lib/format';
import { i18n } from '$lib/i18n/locale.svelte';
import { thin, type Tones } from './tones';

const written = (time: Time, options: Intl.DateTimeFormatOptions) =>
	dated(new Date((time as number) * 1000), options);

const TICKS: Record<TickMarkType, Intl.DateTimeFormatOptions> = {
	[TickMarkType.Year]: { year: 'numeric' },
	[TickMarkType.Month]: { month: 'short' },
	[TickMarkType.DayOfMonth]: { day: 'numeric' },
	[TickMarkType.Time]: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
	[TickMarkType.TimeWithSeconds]: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }
};

const MOMENT: Intl.DateTimeFormatOptions = {
	day: 'numeric',
	month: 'short',
	year: 'numeric',
	hour: '2-digit',
	minute: '2-digit',
	hourCycle: 'h23'
};

/** What all charts share, and nothing that moves what is looked at: it is applied again when the theme changes. Times are written in the reader's language and in UTC or local time, as the settings say. */
export function look(tones: Tones): DeepPartial<ChartOptions> {
	return {
		autoSize: true,
		layout: {
			background: { type: ColorType.Solid, color: tones.surface },
			textColor: tones.text,
			fontSize: 11,
			fontFamily: "'Geist Variable', system-ui, sans-serif",
			// The credit stands below the chart instead: the library's own brings a style that the content policy forbids.
			attributionLogo: false,
			panes: { separatorColor: tones.line, separatorHoverColor: tones.line, enableResize: false }
		},
		grid: { vertLines: { color: tones.grid }, horzLines: { color: tones.grid } },
		crosshair: {
			mode: CrosshairMode.Normal,
			vertLine: { color: tones.quiet, style: LineStyle.Dashed, labelBackgroundColor: tones.quiet },
			horzLine: { color: tones.quiet, style: LineStyle.Dashed, labelBackgroundColor: tones.quiet }
		},
		rightPriceScale: { borderColor: tones.line, minimumWidth: 72 },
		timeScale: {
			borderColor: tones.line,
			timeVisible: true,
			tickMarkFormatter: (time: Time, type: TickMarkType) => written(time, TICKS[type])
		},
		localization: { locale: i18n.locale, timeFormatter: (time: Time) => written(time, MOMENT) },
		kineticScroll: { mouse: false, touch: true }
	};
}

export const candleLook = (tones: Tones) => ({
	upColor: tones.candleUp,
	downColor: tones.candleDown,
	wickUpColor: tones.candleUp,
	wickDownColor: tones.candleDown,
	borderVisible: false
});

export const equityLook = (tones: Tones) => ({
	lineColor: tones.brand,
	lineWidth: 2 as const,
	topColor: thin(tones.brand, 0.18),
	bottomColor: thin(tones.brand, 0.02),
	priceLineVisible: false,
	crosshairMarkerRadius: 3
});

/** Filled from the top: what is missing to the peak. */
export const drawdownLook = (tones: Tones) => ({
	lineColor: tones.candleDown,
	lineWidth: 1 as const,
	invertFilledArea: true,
	topColor: thin(tones.candleDown, 0.06),
	bottomColor: thin(tones.candleDown, 0.3),
	priceLineVisible: false,
	crosshairMarkerVisible: false
});

export const lineLook = (color: string) => ({
	color,
	lineWidth: 1 as const,
	priceLineVisible: false,
	crosshairMarkerVisible: false
});
