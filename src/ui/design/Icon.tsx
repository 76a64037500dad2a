import { glyphs } from './glyphs.ts'

export type IconName = keyof typeof glyphs

/** One glyph of the sprite, in the colour of the text around it. Decorative: the words beside it carry the meaning. */
export function Icon({ name, size = 16, className }: { name: IconName; size?: number; className?: string }) {
  const [strokeWidth, inside] = glyphs[name]
  return (
    <svg
      className={className ? `ic ${className}` : 'ic'}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={strokeWidth}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      // The glyphs are constants of this package, never anything from outside.
      dangerouslySetInnerHTML={{ __html: inside }}
    />
  )
}
