// Adds to the report what paper has not: filters, sorting, and long cells that fold. Without it everything is there and can be read. What
// it hides it hides on the screen alone (see .out and .fold in styles.css): a print is always whole.
(() => {
	const all = (selector, within = document) => [...within.querySelectorAll(selector)];
	const make = (name, attributes, text = "") => {
		const element = document.createElement(name);
		for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
		element.textContent = text;
		return element;
	};
	const classAfter = (prefix, element) => element?.className.match(new RegExp(`\\b${prefix}-([a-z-]+)`))?.[1] ?? "";
	const stateOf = (element) => classAfter("s", element.querySelector(".badge"));
	const severityOf = (element) => classAfter("v", element.querySelector(".severity"));
	const textOf = (element) => element.textContent.toLowerCase();

	const choice = (first, marks, prefix) => {
		const element = make("select", {});
		element.append(make("option", { value: "" }, first));
		for (const mark of marks) element.append(make("option", { value: classAfter(prefix, mark) }, mark.textContent));
		return element;
	};
	const labelled = (text, control) => {
		const label = make("label", { class: "tool" }, text);
		label.append(control);
		return label;
	};

	/** Filters above a section. `read` says what is searched of each part; it runs when the browser has nothing else to do, or at the first use. */
	const addFilter = (section, parts, noun, read, after) => {
		if (parts.length < 2) return;
		const known = [];
		let timer;
		const readAhead = (deadline) => {
			while (known.length < parts.length && deadline.timeRemaining() > 2) known.push(read(parts[known.length]));
			if (known.length < parts.length) requestIdleCallback(readAhead);
		};
		if ("requestIdleCallback" in globalThis) requestIdleCallback(readAhead);
		const find = make("input", { type: "search", autocomplete: "off" });
		const state = choice("Any", all("#how-to-read .badge"), "s");
		const severity = choice("Any", all("#how-to-read .severity"), "v");
		const clear = make("button", { type: "button" }, "Clear");
		const said = make("p", { role: "status", class: "tool-said" });
		const bar = make("div", { role: "group", class: "tools", "aria-label": `Filter ${noun}` });
		bar.append(labelled("Find", find), labelled("State", state), labelled("Severity", severity), clear, said);
		section.querySelector("h2").after(bar);
		const apply = () => {
			while (known.length < parts.length) known.push(read(parts[known.length]));
			const text = find.value.trim().toLowerCase();
			let shown = 0;
			for (const [index, part] of parts.entries()) {
				const one = known[index];
				const fits =
					(state.value === "" || one.state === state.value) &&
					(severity.value === "" || one.severity === severity.value) &&
					(text === "" || one.text.includes(text));
				part.classList.toggle("out", !fits);
				if (fits) shown += 1;
			}
			after(shown < parts.length);
			said.textContent = shown === parts.length ? "" : `${shown} of ${parts.length} ${noun} shown. A print has all of them.`;
		};
		const reset = () => {
			find.value = "";
			state.value = "";
			severity.value = "";
			apply();
		};
		find.addEventListener("input", () => {
			clearTimeout(timer);
			timer = setTimeout(apply, 100);
		});
		state.addEventListener("change", apply);
		severity.addEventListener("change", apply);
		clear.addEventListener("click", reset);
		// A link to what is filtered away must still lead there.
		addEventListener("hashchange", () => {
			const target = document.getElementById(location.hash.slice(1));
			if (target === null || !section.contains(target) || target.closest(".out") === null) return;
			reset();
			target.scrollIntoView();
		});
	};

	const filterResults = (section) => {
		const pages = all(":scope > article", section);
		const tables = [];
		const shared = new Map();
		for (const page of pages) {
			for (const table of all("table.results", page)) {
				const [body] = table.tBodies;
				if (body.rows[0]?.id === "") continue;
				tables.push({ rows: [...body.rows], frame: table.closest(".scroll"), caption: table.caption, page });
			}
		}
		const rows = tables.flatMap((table) => {
			for (const row of table.rows) shared.set(row, table);
			return table.rows;
		});
		const read = (row) => {
			const table = shared.get(row);
			table.severity ??= severityOf(table.caption);
			table.text ??= `${textOf(table.caption)} ${textOf(table.page.querySelector("h3"))}`;
			return { state: stateOf(row), severity: table.severity, text: `${textOf(row)} ${table.text}` };
		};
		addFilter(section, rows, "results", read, (some) => {
			const left = new Set();
			for (const { rows: own, frame, page } of tables) {
				const none = own.every((row) => row.classList.contains("out"));
				frame.classList.toggle("out", none);
				if (!none) left.add(page);
			}
			for (const page of pages) page.classList.toggle("out", some && !left.has(page));
		});
	};

	const filterFindings = (section) => {
		const read = (part) => ({ state: stateOf(part), severity: severityOf(part), text: textOf(part) });
		addFilter(section, all(":scope > article", section), "findings", read, () => undefined);
	};

	/** Buttons in the head of a table: up, down, and back to the order of the report. */
	const addSorting = (table) => {
		const [body] = table.tBodies;
		const rows = [...body.rows];
		if (rows.length < 3) return;
		const heads = [...table.tHead.rows[0].cells];
		const keyOf = (row, column) => {
			const text = row.cells[column]?.textContent.trim() ?? "";
			return /^\d+$/.test(text) ? Number(text) : text.toLowerCase();
		};
		for (const [column, head] of heads.entries()) {
			const button = make("button", { type: "button", class: "sort" });
			button.append(...head.childNodes);
			head.append(button);
			button.addEventListener("click", () => {
				const next = { none: "ascending", ascending: "descending", descending: "none" }[head.getAttribute("aria-sort") ?? "none"];
				for (const other of heads) other.removeAttribute("aria-sort");
				if (next !== "none") head.setAttribute("aria-sort", next);
				const keyed = rows.map((row) => [keyOf(row, column), row]);
				if (next !== "none") keyed.sort(([a], [b]) => (typeof a === typeof b ? (a < b ? -1 : a > b ? 1 : 0) : typeof a === "number" ? -1 : 1));
				if (next === "descending") keyed.reverse();
				body.append(...keyed.map(([, row]) => row));
			});
		}
	};

	/** More than this many links in a cell are folded behind a button that says how many. */
	const shownLinks = 3;
	const fold = (cell) => {
		const links = cell.querySelectorAll(":scope > .hash").length;
		if (links <= shownLinks + 1) return;
		const label = `${links - shownLinks} more`;
		const button = make("button", { type: "button", class: "unfold", "aria-expanded": "false" }, label);
		button.addEventListener("click", () => {
			const folded = cell.classList.toggle("fold");
			button.setAttribute("aria-expanded", String(!folded));
			button.textContent = folded ? label : "Fewer";
		});
		cell.classList.add("fold");
		cell.append(button);
	};

	const controls = document.getElementById("controls");
	const findings = document.getElementById("findings");
	if (controls !== null) filterResults(controls);
	if (findings !== null) filterFindings(findings);
	for (const table of all("table.sortable")) addSorting(table);
	for (const cell of all("#controls .results td:last-child")) fold(cell);
})();
