/** What is wrong with a template, or what stopped one that ran, in the words of Go's text/template. */
export class TemplateError extends Error {}
