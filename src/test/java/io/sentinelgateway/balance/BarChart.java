package io.sentinelgateway.balance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Horizontal bars as SVG, the same on every machine. */
final class BarChart {

  private static final int LEFT = 190;
  private static final int WIDTH = 420;
  private static final int BAR = 12;
  private static final List<String> COLOURS = List.of("#4878a8", "#d98032");

  private final String title;
  private final List<String> series;
  private final double from;
  private final double to;
  private final boolean logarithmic;
  private final List<String> bars = new ArrayList<>();
  private int y = 64;

  BarChart(String title, List<String> series, double from, double to, boolean logarithmic) {
    this.title = title;
    this.series = series;
    this.from = from;
    this.to = to;
    this.logarithmic = logarithmic;
  }

  /** A row with a bar for each series. */
  void add(String label, String format, double... values) {
    bars.add(text(LEFT - 8, y + values.length * BAR / 2 + 4, "end", label));
    for (int i = 0; i < values.length; i++) {
      long width = Math.round(WIDTH * place(Math.max(from, Math.min(to, values[i]))));
      bars.add(
          "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>"
              .formatted(LEFT, y, width, BAR - 2, COLOURS.get(i)));
      bars.add(
          text(
              LEFT + width + 5,
              y + BAR - 3,
              "start",
              String.format(Locale.ROOT, format, values[i])));
      y += BAR;
    }
    y += 8;
  }

  private double place(double value) {
    return logarithmic
        ? StrictMath.log(value / from) / StrictMath.log(to / from)
        : (value - from) / (to - from);
  }

  /** The whole document. */
  String svg() {
    List<String> lines = new ArrayList<>();
    lines.add(
        ("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"720\" height=\"%1$d\""
                + " viewBox=\"0 0 720 %1$d\" font-family=\"sans-serif\" font-size=\"11\">")
            .formatted(y + 10));
    lines.add("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
    lines.add(text(12, 22, "start", title));
    int x = LEFT;
    for (int i = 0; i < series.size(); i++) {
      lines.add(
          "<rect x=\"%d\" y=\"36\" width=\"10\" height=\"10\" fill=\"%s\"/>"
              .formatted(x, COLOURS.get(i)));
      lines.add(text(x + 15, 45, "start", series.get(i)));
      x += 40 + series.get(i).length() * 6;
    }
    lines.addAll(bars);
    lines.add("</svg>");
    return String.join("\n", lines) + "\n";
  }

  private static String text(long x, long y, String anchor, String text) {
    return String.format(
        Locale.ROOT, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>", x, y, anchor, text);
  }
}
