# shellcheck shell=bash disable=SC2034,SC2154 # the settings are those of the scripts that read this
# nginx, as proxy in every shape and as origin server.

nginx_frame() {
  cat <<CONF
worker_processes $2;
worker_rlimit_nofile $files;
pid $work/$1.pid;
error_log $work/$1.err warn;
events { worker_connections $((files - 100)); }
http {
  client_body_temp_path $work/$1.tmp;
  proxy_temp_path $work/$1.tmp;
  fastcgi_temp_path $work/$1.tmp;
  uwsgi_temp_path $work/$1.tmp;
  scgi_temp_path $work/$1.tmp;
  keepalive_timeout 600s;
  keepalive_requests 1000000000;
$(cat)
}
CONF
}

spawn_nginx() {
  spawn "$1" "$2" nginx -p "$work" -e "$work/$1.err" -c "$work/$1.conf" -g 'daemon off;'
}

# Its log is buffered, because ours is written in batches too. Content is passed on as it comes, as the others do.
start_nginx() {
  free_port nginx
  nginx_frame nginx "$loops" >"$work/nginx.conf" <<CONF
  log_format line escape=json '{"time":"\$time_iso8601","id":"\$request_id","client":"\$remote_addr",'
    '"method":"\$request_method","target":"\$request_uri","status":\$status,"bytes":\$body_bytes_sent,'
    '"duration":\$request_time,"upstream":"\$upstream_addr","upstream_duration":\$upstream_response_time}';
  access_log $work/nginx.access line buffer=64k flush=1s;
  client_max_body_size 0;
  upstream origin {
    server 127.0.0.1:${port_of[origin]};
    keepalive 128;
    keepalive_requests 1000000000;
    keepalive_timeout 600s;
  }
  proxy_request_buffering off;
  proxy_max_temp_file_size 0;
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header Host \$http_host;
  proxy_set_header X-Forwarded-For \$remote_addr;
  proxy_set_header X-Forwarded-Proto \$scheme;
  proxy_set_header X-Forwarded-Host \$http_host;
  proxy_set_header X-Forwarded-Port \$server_port;
  proxy_set_header Via "1.1 nginx";
$("nginx_$shape" "127.0.0.1:${port_of[nginx]}")
CONF
  spawn_nginx nginx "$proxy_cores"
  await nginx
}

# At the address $1, with the protocol $2 if it is not HTTP/1.1.
nginx_plain() {
  cat <<CONF
  server {
    listen $1 ${2:-} backlog=4096;
    location / { proxy_pass http://origin; }
  }
CONF
}

nginx_http2() { nginx_plain "$1" http2; }

nginx_http2-tls() { nginx_tls "$1" http2; }

nginx_tls() {
  cat <<CONF
  server {
    listen $1 ssl ${2:-} backlog=4096;
    ssl_certificate $work/tls.crt;
    ssl_certificate_key $work/tls.key;
    ssl_protocols TLSv1.3;
    ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256;
    ssl_session_cache off;
    ssl_session_tickets off;
    location / { proxy_pass http://origin; }
  }
CONF
}

nginx_chain() {
  local field
  cat <<CONF
  proxy_set_header X-Environment production;
  proxy_set_header Cookie "";
$(for field in "${browser_safety[@]}"; do echo "  add_header ${field%=*} ${field#*=} always;"; done)
  server {
    listen $1 backlog=4096;
    location /api/ { proxy_pass http://origin/; }
  }
CONF
}

nginx_routes() {
  local host prefix
  echo "  server_names_hash_max_size 4096;"
  for ((host = 0; host < hosts; host++)); do
    echo "  server {"
    echo "    listen $1;"
    echo "    server_name h$host.example;"
    for ((prefix = 0; prefix < prefixes; prefix++)); do
      echo "    location /p$prefix/ { proxy_pass http://origin; }"
    done
    echo "  }"
  done
}
