import type { Schemas } from '$lib/api/client';
import type { Line } from '$lib/charts/bar-source';
import { measure } from '$lib/format';
import type { Overlay } from './address';

type Indicator = Schemas['Indicator'];
export type Catalog = ReadonlyMap<string, Indicator>;

/** As it is called over a chart: `RSI 14`, `BBANDS 20 2 2`. */
export function nameOf(overlay: Overlay, catalog: Catalog): string {
	const parameters = catalog.get(overlay.indicator)?.parameters ?? [];
	const values = parameters
		.filter((each) => each.kind !== 'ma_type')
		.map((each) => measure(overlay.parameters[each.name] ?? each.default));
	return [overlay.indicator.toUpperCase(), ...values].join(' ');
}

/** As `POST /market/series` wants them. Those that the catalog does not know are left out: one of them would spoil all. */
export function seriesOf(overlays: readonly Overlay[], catalog: Catalog): Schemas['SeriesRequest']['series'] {
	return Object.fromEntries(
		known(overlays, catalog).map(({ overlay, name }) => [
			name,
			{ indicator: overlay.indicator, parameters: overlay.parameters }
		])
	);
}

/** Each output a line; those of an indicator that is no price share a pane. */
export function linesOf(overlays: readonly Overlay[], catalog: Catalog): Line[] {
	return known(overlays, catalog).flatMap(({ overlay, name, indicator }) =>
		indicator.outputs.map((output) => ({
			column: indicator.outputs.length > 1 ? `${name}.${output}` : name,
			label:
				indicator.outputs.length > 1 ? `${nameOf(overlay, catalog)} ${output}` : nameOf(overlay, catalog),
			pane: indicator.pane === 'price' ? 'price' : name
		}))
	);
}

function known(overlays: readonly Overlay[], catalog: Catalog) {
	return overlays.flatMap((overlay, place) => {
		const indicator = catalog.get(overlay.indicator);
		return indicator ? [{ overlay, indicator, name: `overlay_${place}` }] : [];
	});
}
