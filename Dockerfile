# The built page behind a small static server that runs as nobody in particular.
FROM node:20-bookworm-slim AS build
WORKDIR /app
# All of it first: installing builds the schema from scripts/ and facts/.
COPY . .
RUN npm ci && npm run build

FROM nginxinc/nginx-unprivileged:1.29-alpine
COPY --from=build /app/dist /usr/share/nginx/html
EXPOSE 8080
