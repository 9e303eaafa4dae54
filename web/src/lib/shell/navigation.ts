import ChartCandlestick from '@lucide/svelte/icons/chart-candlestick';
import ChartNoAxesCombined from '@lucide/svelte/icons/chart-no-axes-combined';
import ChartSpline from '@lucide/svelte/icons/chart-spline';
import Database from '@lucide/svelte/icons/database';
import LayoutDashboard from '@lucide/svelte/icons/layout-dashboard';
import ListFilter from '@lucide/svelte/icons/list-filter';
import Settings from '@lucide/svelte/icons/settings';
import Workflow from '@lucide/svelte/icons/workflow';
import type { Component } from 'svelte';
import { m } from '$lib/paraglide/messages';

export interface Destination {
	path: string;
	label: () => string;
	icon: Component;
	/** Has a place in the bar at the foot of the phone. */
	phone?: boolean;
}

export interface Group {
	label: (() => string) | null;
	items: readonly Destination[];
}

/** Where one can go: the sidebar, the phone's bar and the command palette are drawn from this one table. */
export const groups: readonly Group[] = [
	{ label: null, items: [{ path: '/', label: m.nav_dashboard, icon: LayoutDashboard, phone: true }] },
	{
		label: m.nav_trade,
		items: [{ path: '/market', label: m.nav_market, icon: ChartSpline }]
	},
	{
		label: m.nav_test,
		items: [{ path: '/backtest', label: m.nav_backtest, icon: ChartCandlestick, phone: true }]
	},
	{
		label: m.nav_build,
		items: [
			{ path: '/strategies', label: m.nav_strategies, icon: Workflow, phone: true },
			{ path: '/conditions', label: m.nav_conditions, icon: ListFilter },
			{ path: '/data', label: m.nav_data, icon: Database }
		]
	},
	{
		label: m.nav_records,
		items: [{ path: '/results', label: m.nav_results, icon: ChartNoAxesCombined, phone: true }]
	}
];

export const foot: readonly Destination[] = [{ path: '/settings', label: m.nav_settings, icon: Settings }];

export const destinations: readonly Destination[] = [...groups.flatMap((group) => group.items), ...foot];

/** Whether a page belongs to a destination: `/results/42` is still Results. */
export function isAt(path: string, destination: Destination): boolean {
	return destination.path === '/'
		? path === '/'
		: path === destination.path || path.startsWith(`${destination.path}/`);
}
