/** Whether a day, YYYY-MM-DD, is a legal public holiday of the United States or the weekday on which one is kept: 5 USC 6103(a), (b); Executive Order 11582 for Sundays. */
export function isFederalHoliday(day: string): boolean {
	const year = Number(day.slice(0, 4));
	return holidaysOf(year).has(day);
}

const known = new Map<number, ReadonlySet<string>>();

/** Days of one year on which a holiday falls or is kept; New Year of the next year may be kept on 31 December. Inauguration Day (6103(c)) is one in and around Washington only. */
function holidaysOf(year: number): ReadonlySet<string> {
	let days = known.get(year);
	if (days === undefined) {
		days = new Set([year, year + 1].flatMap((of) => statutory(of).map(kept)).filter((day) => day.startsWith(`${String(year).padStart(4, "0")}-`)));
		known.set(year, days);
	}
	return days;
}

const [sunday, monday, thursday, saturday] = [0, 1, 4, 6];

function statutory(year: number): Date[] {
	return [
		at(year, 1, 1),
		nth(year, 1, monday, 3),
		nth(year, 2, monday, 3),
		nth(year, 6, monday, 0),
		// Public Law 117-17 of 17 June 2021.
		...(year >= 2021 ? [at(year, 6, 19)] : []),
		at(year, 7, 4),
		nth(year, 9, monday, 1),
		nth(year, 10, monday, 2),
		at(year, 11, 11),
		nth(year, 11, thursday, 4),
		at(year, 12, 25),
	];
}

/** The nth weekday of a month, counted from 1; 0 is the last one of the month before. */
function nth(year: number, month: number, weekday: number, count: number): Date {
	const first = at(year, month, 1).getUTCDay();
	return at(year, month, 1 + ((weekday - first + 7) % 7) + (count - 1) * 7);
}

function at(year: number, month: number, day: number): Date {
	return new Date(Date.UTC(year, month - 1, day));
}

/** Of a holiday on a Saturday the Friday before is kept, of one on a Sunday the Monday after. */
function kept(holiday: Date): string {
	const weekday = holiday.getUTCDay();
	const shift = weekday === saturday ? -1 : weekday === sunday ? 1 : 0;
	return new Date(holiday.getTime() + shift * 86_400_000).toISOString().slice(0, 10);
}
