import { env } from '#lib/env/env';

export type MailParts = {
  heading: string;
  paragraphs: string[];
  action?: { label: string; url: string };
  footer: string[];
};

/** The same words as plain text and as HTML: one column, no images, readable in the dark. */
export function layOut(parts: MailParts): { text: string; html: string } {
  const text = [
    parts.heading,
    ...parts.paragraphs,
    ...(parts.action ? [`${parts.action.label}:\n${parts.action.url}`] : []),
    `--\n${parts.footer.join('\n')}`,
  ].join('\n\n');
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>${escapeHtml(parts.heading)}</title></head>
<body style="margin:0;padding:24px 12px;font:16px/1.55 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
<div style="max-width:520px;margin:0 auto">
<p style="margin:0 0 24px;font-weight:700;letter-spacing:-.01em;border-left:4px solid #e2b457;padding-left:10px">${escapeHtml(env().company.name)}</p>
<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3">${escapeHtml(parts.heading)}</h1>
${parts.paragraphs.map((paragraph) => `<p style="margin:0 0 16px">${escapeHtml(paragraph)}</p>`).join('\n')}
${parts.action ? button(parts.action) : ''}
<hr style="border:0;border-top:1px solid #9994;margin:32px 0 16px">
${parts.footer.map((line) => `<p style="margin:0 0 8px;font-size:13px;opacity:.75">${linkify(line)}</p>`).join('\n')}
</div></body></html>`;
  return { text, html };
}

function button(action: { label: string; url: string }): string {
  const url = escapeHtml(action.url);
  return `<p style="margin:24px 0"><a href="${url}" style="display:inline-block;background:#06303b;color:#ffffff;padding:13px 22px;border-radius:10px;text-decoration:none;font-weight:600">${escapeHtml(action.label)}</a></p>
<p style="margin:0 0 16px;font-size:13px;opacity:.75">Or open this address: <a href="${url}" style="word-break:break-all">${url}</a></p>`;
}

function linkify(line: string): string {
  return escapeHtml(line).replace(
    /https?:\/\/[^\s<]+/g,
    (url) => `<a href="${url}" style="word-break:break-all">${url}</a>`,
  );
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
