package io.sentinelgateway.filter;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.sentinelgateway.config.FilterSettings;
import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.exchange.Template;
import io.sentinelgateway.http.NormalPath;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings of {@code type: rewrite} and of {@code forward.rewrite}. */
@Doc("Changes the path and the query that are sent to the origin.")
public record RewriteSettings(
    @Doc(value = "Prefix to take away, by whole segments.", example = "/api")
        Optional<String> stripPrefix,
    @Doc("Pattern to replace in the path, after `strip-prefix`.") Optional<Substitution> regex,
    @Doc(value = "Prefix to put in front, after `regex`.", example = "/v2")
        Optional<String> addPrefix,
    @Doc(value = "A new path; a template.", example = "/users/{path.id}") Optional<Template> path,
    @Doc("Changes of the query.") @Default("{}") QueryEdits query)
    implements FilterSettings {

  /** A pattern in the path and what stands in its place. */
  public record Substitution(
      @Doc("A regular expression (RE2).") String pattern,
      @Doc("What replaces every match; `$1` or `$${name}` stands for a group.")
          String replacement) {

    void check(Problems problems) {
      try {
        Pattern compiled = Pattern.compile(pattern);
        String reference = unknownGroup(compiled);
        problems
            .at("replacement")
            .require(reference.isEmpty(), reference + " (expected: a group of the pattern)");
      } catch (PatternSyntaxException e) {
        problems.at("pattern").error(pattern + " (expected: RE2 syntax; " + e.getMessage() + ")");
      }
    }

    /** The first reference to a group that the pattern does not have; empty when all exist. */
    private String unknownGroup(Pattern compiled) {
      Matcher references = Pattern.compile("\\$(?:(\\d+)|\\{([^}]*)\\})").matcher(replacement);
      while (references.find()) {
        String number = references.group(1);
        boolean known =
            number == null
                ? compiled.namedGroups().containsKey(references.group(2))
                : number.length() < 4 && Integer.parseInt(number) <= compiled.groupCount();
        if (!known) {
          return references.group();
        }
      }
      return "";
    }
  }

  /** Changes of the query; parameters that are not named keep their order and their spelling. */
  public record QueryEdits(
      @Doc("Values that replace those of a parameter, or come at the end; templates.")
          @Default("{}")
          Map<String, Template> set,
      @Doc("Names of parameters to take away.") @Default("[]") List<String> remove) {

    boolean none() {
      return set.isEmpty() && remove.isEmpty();
    }
  }

  @Override
  public void check(GatewayConfig config, Problems problems) {
    check(problems);
  }

  /** For a handler that holds these settings as a part of its own. */
  public void check(Problems problems) {
    stripPrefix.ifPresent(p -> checkPrefix(p, problems.at("strip-prefix")));
    addPrefix.ifPresent(p -> checkPrefix(p, problems.at("add-prefix")));
    regex.ifPresent(r -> r.check(problems.at("regex")));
    if (path.isPresent()) {
      Template template = path.get();
      boolean absolute =
          template.prefix().startsWith("/")
              || (template.prefix().isEmpty() && template.firstPlaceholder().equals("path"));
      problems
          .at("path")
          .require(absolute, template + " (expected: a path that starts with / or {path})");
      problems
          .at("path")
          .require(
              stripPrefix.isEmpty() && addPrefix.isEmpty() && regex.isEmpty(),
              "replaces the whole path (expected: no strip-prefix, add-prefix or regex beside it)");
    }
    boolean none = stripPrefix.isEmpty() && addPrefix.isEmpty() && regex.isEmpty();
    problems.require(
        !none || path.isPresent() || !query.none(),
        "changes nothing (expected: strip-prefix, add-prefix, path, regex or query)");
  }

  private static void checkPrefix(String prefix, Problems problems) {
    NormalPath normal = NormalPath.of(prefix, false);
    problems.require(
        normal.violation().none() && prefix.equals(normal.path()) && !prefix.equals("/"),
        prefix + " (expected: a normalised path, such as /api)");
  }
}
