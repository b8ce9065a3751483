using YamlDotNet.Core;

namespace Slipway.LocalAws.Yaml;

/// <summary>A value of YAML and where it begins: its line and column, both from 1.</summary>
internal abstract record YamlValue(Mark Start);

/// <summary>A text.</summary>
/// <param name="Value">The text.</param>
/// <param name="IsPlain">Whether it stands without quotes, so that it may mean nothing, as <c>~</c> does.</param>
/// <param name="Start">Where it begins.</param>
internal sealed record YamlText(string Value, bool IsPlain, Mark Start) : YamlValue(Start);

/// <summary>A list.</summary>
internal sealed record YamlList(IReadOnlyList<YamlValue> Items, Mark Start) : YamlValue(Start);

/// <summary>A mapping: where each key stands, and its value.</summary>
internal sealed record YamlMapping(IReadOnlyDictionary<string, (Mark Start, YamlValue Value)> Members, Mark Start) : YamlValue(Start);
