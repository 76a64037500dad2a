/** The page of a status. */
export function defaultPage(status: number, reason: string, version: string): string {
  const title = `${status} ${reason}`
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx/${version}</center>\r\n</body>\r\n</html>\r\n`
}

const page = (title: string, text: string): string =>
  `<!DOCTYPE html>\n<html>\n<head>\n<title>${title}</title>\n<style>\nhtml { color-scheme: light dark; }\nbody { width: 35em; margin: 0 auto;\nfont-family: Tahoma, Verdana, Arial, sans-serif; }\n</style>\n</head>\n<body>\n<h1>${title}</h1>\n${text}\n</body>\n</html>\n`

/** Files of nginx's images. */
export const nginxFiles: Readonly<Record<string, string>> = {
  '/usr/share/nginx/html/index.html': page(
    'Welcome to nginx!',
    '<p>If you see this page, nginx is installed and works. Its files are in /usr/share/nginx/html.</p>',
  ),
  '/usr/share/nginx/html/50x.html': page(
    'An error occurred.',
    '<p>This page cannot be shown now. Try again later.</p>',
  ),
  '/etc/nginx/nginx.conf': `user  nginx;
worker_processes  auto;

error_log  /var/log/nginx/error.log notice;
pid        /run/nginx.pid;

events {
    worker_connections  1024;
}

http {
    include       /etc/nginx/mime.types;
    default_type  application/octet-stream;
    access_log  /var/log/nginx/access.log;
    sendfile        on;
    keepalive_timeout  65;
    include /etc/nginx/conf.d/*.conf;
}
`,
  '/etc/nginx/mime.types': 'types {\n    text/html  html htm;\n    text/css   css;\n    text/plain txt;\n}\n',
  '/etc/nginx/conf.d/default.conf': `server {
    listen       80;
    server_name  localhost;

    location / {
        root   /usr/share/nginx/html;
        index  index.html index.htm;
    }

    error_page   500 502 503 504  /50x.html;
    location = /50x.html {
        root   /usr/share/nginx/html;
    }
}
`,
}
