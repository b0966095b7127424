{{/* The gateway's configuration as a tree, in JSON; fails when it is no YAML or what Kubernetes needs is not in it. */}}
{{- define "sentinel.config" -}}
{{- $config := .Values.config | fromYaml -}}
{{- if and (hasKey $config "Error") (not (hasKey $config "version")) -}}
{{- fail (printf "config is no YAML: %s" $config.Error) -}}
{{- end -}}
{{- $config | toJson -}}
{{- end -}}

{{/* Port of the admin listener. */}}
{{- define "sentinel.adminPort" -}}
{{- $config := include "sentinel.config" . | fromJson -}}
{{- $address := dig "admin" "address" "127.0.0.1:9901" $config -}}
{{- if not (regexMatch "^(0\\.0\\.0\\.0|\\[::\\])?:[0-9]+$" $address) -}}
{{- fail (printf "config: admin.address is %s, where no probe reaches it (expected: \":9901\")" $address) -}}
{{- end -}}
{{- regexFind "[0-9]+$" $address -}}
{{- end -}}

{{/* Listener to port, in JSON, of the listeners that the service offers. */}}
{{- define "sentinel.ports" -}}
{{- $listeners := (include "sentinel.config" . | fromJson).listeners | default dict -}}
{{- $ports := dict -}}
{{- range $name, $port := .Values.service.ports -}}
{{- $address := dig $name "address" "" $listeners -}}
{{- if not (regexMatch ":[0-9]+$" $address) -}}
{{- fail (printf "service.ports.%s: config has no listener %s with a port (it has: %s)" $name $name (keys $listeners | sortAlpha | join ", ")) -}}
{{- end -}}
{{- $_ := set $ports $name (regexFind "[0-9]+$" $address | int) -}}
{{- end -}}
{{- $ports | toJson -}}
{{- end -}}

{{/* Milliseconds of a duration of the configuration. Takes a list: key, text. */}}
{{- define "sentinel.millis" -}}
{{- $key := index . 0 -}}
{{- $text := index . 1 | toString -}}
{{- if not (regexMatch "^[0-9]+(ms|s|m|h)$" $text) -}}
{{- fail (printf "config: %s is %s (expected here: a whole number and ms, s, m or h)" $key $text) -}}
{{- end -}}
{{- $units := dict "ms" 1 "s" 1000 "m" 60000 "h" 3600000 -}}
{{- mul (regexFind "^[0-9]+" $text | int) (get $units (regexFind "[a-z]+$" $text)) -}}
{{- end -}}

{{/* terminationGracePeriodSeconds: longer than a drain may take. */}}
{{- define "sentinel.grace" -}}
{{- $config := include "sentinel.config" . | fromJson -}}
{{- $quiet := include "sentinel.millis" (list "server.quiet-period" (dig "server" "quiet-period" "3s" $config)) | int -}}
{{- $drain := include "sentinel.millis" (list "server.drain-timeout" (dig "server" "drain-timeout" "30s" $config)) | int -}}
{{- $needed := add .Values.preStopSeconds (div (add $quiet $drain 999) 1000) | int -}}
{{- $grace := .Values.terminationGracePeriodSeconds | int -}}
{{- if eq $grace 0 -}}
{{- add $needed 10 -}}
{{- else if le $grace $needed -}}
{{- fail (printf "terminationGracePeriodSeconds is %d, but preStopSeconds, server.quiet-period and server.drain-timeout together are %d s (expected: more than that)" $grace $needed) -}}
{{- else -}}
{{- $grace -}}
{{- end -}}
{{- end -}}

{{/* Processors for the JVM: those requested, rounded up, but two: compilers and collector next to the event loop. */}}
{{- define "sentinel.processors" -}}
{{- $cpu := .Values.resources.requests.cpu | toString -}}
{{- $asked := 0 -}}
{{- if hasSuffix "m" $cpu -}}
{{- $asked = divf (trimSuffix "m" $cpu | float64) 1000 | ceil | int -}}
{{- else -}}
{{- $asked = $cpu | float64 | ceil | int -}}
{{- end -}}
{{- .Values.jvm.processors | default (max 2 $asked) -}}
{{- end -}}
