import runtime from "handlebars/runtime.js";
import { ReportError } from "../report-error.ts";
import { sealed, type View } from "./view.ts";

/** Renders a template by name. */
export type Render = (name: string, view: View) => string;

type Template = HandlebarsTemplateDelegate;

/** Templates that `npm run generate` compiled, made ready at first use. Every template is also a partial of the others. */
export function templatesOf(...compiled: Record<string, TemplateSpecification>[]): Render {
	let templates: Map<string, Template> | undefined;
	return (name, view) => {
		templates ??= load(compiled);
		const template = templates.get(name);
		if (template === undefined) throw new ReportError(`no template named ${name}`);
		try {
			return template(sealed(view));
		} catch (error) {
			throw new ReportError(`the template ${name} could not be filled: a value is missing or is no text`, { cause: error });
		}
	};
}

/** Handlebars' strict mode does not reach the arguments of blocks: a misspelt list would print as an empty one. Here it stops the report. */
export function strictInstance(): typeof Handlebars {
	const instance = (runtime as typeof Handlebars).create();
	for (const name of ["each", "if", "unless"]) {
		const original = instance.helpers[name];
		if (original === undefined) throw new ReportError(`the template engine lacks ${name}`);
		instance.registerHelper(name, function (this: unknown, value: unknown, settings: Handlebars.HelperOptions) {
			if (value === undefined) throw new ReportError(`a value that #${name} asks for is missing`);
			return original.call(this, value, settings);
		});
	}
	return instance;
}

function load(compiled: readonly Record<string, TemplateSpecification>[]): Map<string, Template> {
	const instance = strictInstance();
	const templates = new Map<string, Template>();
	for (const [name, specification] of compiled.flatMap((one) => Object.entries(one))) {
		const template = instance.template(specification);
		templates.set(name, template);
		instance.registerPartial(name, template);
	}
	return templates;
}
