using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Slipway.Workflow.DataSets;

/// <summary>Parses YAML as deep as a specification is, and some more: who builds the nodes calls itself for each level, and a stack that is full ends the process.</summary>
internal sealed class BoundedParser(TextReader text) : IParser
{
    private const int Deepest = 32;

    private readonly Parser _parser = new(text);
    private int _depth;

    /// <inheritdoc/>
    public ParsingEvent? Current => _parser.Current;

    /// <inheritdoc/>
    /// <exception cref="YamlException">The text is no YAML, or too deep.</exception>
    public bool MoveNext()
    {
        var moved = _parser.MoveNext();
        _depth += Current?.NestingIncrease ?? 0;
        return _depth <= Deepest ? moved : throw new YamlException(Current!.Start, Current.End, $"it is nested more than {Deepest} levels deep.");
    }
}
