import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MalformedAnswer } from "./errors.ts";
import { readXmlAnswer, textWithin } from "./xml-answer.ts";

describe("an answer in XML", () => {
	it("is read with its lists, and an empty one stays empty", () => {
		const text = '<R xmlns="x"><requestId>1</requestId><set><item><id>a</id><ids><item>1</item></ids></item><item><id>b &amp; c</id></item></set><none/></R>';
		expect(readXmlAnswer(text)).toEqual({ requestId: "1", set: [{ id: "a", ids: ["1"] }, { id: "b & c" }], none: "" });
	});

	it.each([
		"<Response><Errors><Error><Code>X</Code></Error></Errors></Response>",
		"<ErrorResponse><Error><Code>X</Code></Error></ErrorResponse>",
		"<Error><Code>X</Code></Error>",
	])("tells the code of %s", (text) => {
		expect(textWithin(readXmlAnswer(text), "Code")).toBe("X");
	});

	it.each(["", "{}", "<R><a>", "<R></S>", '<!DOCTYPE R [<!ENTITY a "b">]><R>&a;</R>', "<R>&a;</R>"])("refuses %s", (text) => {
		expect(() => readXmlAnswer(text)).toThrow(MalformedAnswer);
	});

	it("gives a value or its own error for any text", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), (text) => {
				for (const body of [text, `<R>${text}</R>`]) {
					try {
						expect(readXmlAnswer(body)).toBeTypeOf("object");
					} catch (error) {
						expect(error).toBeInstanceOf(MalformedAnswer);
					}
				}
			}),
			{ numRuns: 200 },
		);
	});
});
