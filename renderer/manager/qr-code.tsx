/** @file Draws the core's QR picture. Only its outline is taken over, so that nothing else in the SVG could reach the page. */

/** The viewBox and the black squares of an SVG text; null when it is none. */
export function outlineOf(svg: string): { box: string; paths: string[] } | null {
  const root = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement
  const box = root.getAttribute('viewBox')
  const paths = [...root.querySelectorAll('path')].map((path) => path.getAttribute('d') ?? '')
  return box && paths.length ? { box, paths } : null
}

export function QrCode({ svg }: { svg: string }) {
  const outline = outlineOf(svg)
  if (!outline) return null
  return (
    <svg className="qr" viewBox={outline.box} role="img" aria-label="QR code of address and pairing code">
      {outline.paths.map((path) => (
        <path key={path} d={path} fill="#000" />
      ))}
    </svg>
  )
}
