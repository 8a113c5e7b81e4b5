/** Days since 1 January 1970 of a calendar date YYYY-MM-DD. */
export function dayNumber(date: string): number {
	return Math.round(Date.parse(`${date}T00:00:00Z`) / 86_400_000);
}

export function dateOfDay(day: number): string {
	return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** The offsets of every zone in use change on a quarter of an hour. */
const slotMs = 900_000;
const maxSlots = 100_000;

/** From an instant in milliseconds to its calendar day in a time zone; the days of a whole export cost one formatting per quarter of an hour. */
export function dayIn(timeZone: string): (ms: number) => number {
	const format = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
	const slots = new Map<number, number>();
	return (ms) => {
		const slot = Math.floor(ms / slotMs);
		let day = slots.get(slot);
		if (day === undefined) {
			day = dayNumber(format.format(ms));
			if (slots.size < maxSlots) slots.set(slot, day);
		}
		return day;
	};
}
