import { readdirSync, readFileSync } from "node:fs";
import Handlebars from "handlebars";
import { ReportError } from "../writer.ts";
import { sealed, type View } from "./view.ts";

const options: CompileOptions = {
	strict: true,
	knownHelpersOnly: true,
	knownHelpers: { each: true, if: true, unless: true, with: true, log: false, lookup: false },
};

/** Renders a template of the folder by name, without the suffix. */
export type Render = (name: string, view: View) => string;

/**
 * The templates of the given folders, compiled once, at first use. Every template is also a partial of the others.
 * A template that could print without escaping is refused here, so that no later edit can bring one in.
 */
export function templatesOf(...folders: URL[]): Render {
	let compiled: Map<string, Handlebars.TemplateDelegate> | undefined;
	return (name, view) => {
		compiled ??= load(folders);
		const template = compiled.get(name);
		if (template === undefined) throw new ReportError(`no template named ${name}`);
		try {
			return template(sealed(view));
		} catch (error) {
			throw new ReportError(`the template ${name} could not be filled: a value is missing or is no text`, { cause: error });
		}
	};
}

export function compileTemplate(instance: typeof Handlebars, name: string, source: string): Handlebars.TemplateDelegate {
	// Indentation is for the reader of the template; in a table of ten thousand rows it would be a third of the file.
	const tree = instance.parse(
		source
			.replace(/^[\t ]+/gm, "")
			.replace(/\n+/g, "\n")
			.replace(/\n$/, ""),
		{ srcName: name },
	);
	new EscapedOnly().accept(tree);
	return instance.compile(tree, options);
}

/** Handlebars' strict mode does not reach the arguments of blocks: a misspelt list would print as an empty one. Here it stops the report. */
export function strictInstance(): typeof Handlebars {
	const instance = Handlebars.create();
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

function load(folders: URL[]): Map<string, Handlebars.TemplateDelegate> {
	const instance = strictInstance();
	const compiled = new Map<string, Handlebars.TemplateDelegate>();
	for (const folder of folders) {
		for (const file of readdirSync(folder).sort()) {
			if (!file.endsWith(".hbs")) continue;
			const name = file.slice(0, -".hbs".length);
			const template = compileTemplate(instance, name, readFileSync(new URL(file, folder), "utf8"));
			compiled.set(name, template);
			instance.registerPartial(name, template);
		}
	}
	return compiled;
}

/** Refuses unescaped output, decorators, and placeholders that the parser took for text. */
class EscapedOnly extends Handlebars.Visitor {
	override MustacheStatement(mustache: hbs.AST.MustacheStatement): void {
		if (!mustache.escaped) throw new ReportError(`unescaped output in a template, line ${mustache.loc.start.line}`);
		super.MustacheStatement(mustache);
	}
	override Decorator(): void {
		throw new ReportError("decorators are not allowed in templates");
	}
	override DecoratorBlock(): void {
		throw new ReportError("decorators are not allowed in templates");
	}
	override ContentStatement(content: hbs.AST.ContentStatement): void {
		if (/\{\{|\}\}/.test(content.value)) throw new ReportError(`a placeholder is left in a template, line ${content.loc.start.line}`);
	}
}
