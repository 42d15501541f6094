type PlainPage = {
  title: string;
  text: string;
  link: { href: string; label: string };
  reference: string;
};

/** A page for a request that is answered before, or instead of, any of our pages. The values are our own: nothing is escaped. */
export function plainPage({ title, text, link, reference }: PlainPage): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head>
<body><main><h1>${title}</h1><p>${text}</p><p><a href="${link.href}">${link.label}</a></p>
<p>Reference: ${reference}</p></main></body></html>`;
}
