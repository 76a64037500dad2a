// monaco-editor's entry points are given without types.
declare module 'monaco-editor/editor.js' {
  export * from 'monaco-editor'
}
declare module 'monaco-editor/features/register.all.js'
declare module 'monaco-editor/languages/definitions/yaml/register.js'
declare module 'monaco-editor/editor/editor.worker.js' {
  export function initialize<C>(callback: (context: unknown, createData: C) => object): void
}
