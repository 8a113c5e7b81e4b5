import Handlebars from "handlebars";

const options: PrecompileOptions = {
	strict: true,
	knownHelpersOnly: true,
	knownHelpers: { each: true, if: true, unless: true, with: true, log: false, lookup: false },
};

/** A template of a report as JavaScript. Throws for one that could print without escaping, so that no later edit can bring one in. */
export function compileTemplate(name: string, source: string): string {
	// Indentation is for the reader of the template; in a table of ten thousand rows it would be a third of the file.
	const tree = Handlebars.parse(
		source
			.replace(/^[\t ]+/gm, "")
			.replace(/\n+/g, "\n")
			.replace(/\n$/, ""),
		{ srcName: name },
	);
	new EscapedOnly().accept(tree);
	return String(Handlebars.precompile(tree, options));
}

/** Refuses unescaped output, decorators, and placeholders that the parser took for text. */
class EscapedOnly extends Handlebars.Visitor {
	override MustacheStatement(mustache: hbs.AST.MustacheStatement): void {
		if (!mustache.escaped) throw new Error(`unescaped output in a template, line ${mustache.loc.start.line}`);
		super.MustacheStatement(mustache);
	}
	override Decorator(): void {
		throw new Error("decorators are not allowed in templates");
	}
	override DecoratorBlock(): void {
		throw new Error("decorators are not allowed in templates");
	}
	override ContentStatement(content: hbs.AST.ContentStatement): void {
		if (/\{\{|\}\}/.test(content.value)) throw new Error(`a placeholder is left in a template, line ${content.loc.start.line}`);
	}
}
