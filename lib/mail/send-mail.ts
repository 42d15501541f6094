import 'server-only';
import { createTransport, type Transporter } from 'nodemailer';
import { env } from '#lib/env/env';

export type Mail = {
  to: string;
  subject: string;
  text: string;
  html: string;
  headers?: Record<string, string>;
  attachments?: { filename: string; contentType: string; content: string }[];
};

let transport: Transporter | undefined;

/** Hands one mail to the SMTP server, and rejects when the server doesn't take it. */
export async function sendMail(mail: Mail): Promise<void> {
  await mailServer().sendMail({ from: env().mail.from, disableFileAccess: true, disableUrlAccess: true, ...mail });
}

/** Whether the SMTP server lets us in; nothing is sent. */
export async function verifyMailServer(): Promise<void> {
  await mailServer().verify();
}

function mailServer(): Transporter {
  transport ??= createTransport(connectionUrl());
  return transport;
}

/** Nodemailer ignores every other option beside a URL, so ours are parameters of the URL. */
function connectionUrl(): string {
  const { smtpUrl, requiresTls } = env().mail;
  const url = new URL(smtpUrl);
  url.searchParams.set('connectionTimeout', '10000');
  url.searchParams.set('socketTimeout', '20000');
  if (requiresTls) {
    url.searchParams.set('requireTLS', 'true');
    url.searchParams.set('ignoreTLS', 'false');
  }
  return url.href;
}
