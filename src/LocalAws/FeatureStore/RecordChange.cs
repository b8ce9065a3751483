namespace Slipway.LocalAws.FeatureStore;

/// <summary>What a change does to a record.</summary>
internal enum RecordAction
{
    /// <summary>Puts it.</summary>
    Put,

    /// <summary>Hides it, and remembers when it was deleted.</summary>
    SoftDelete,

    /// <summary>Removes it.</summary>
    HardDelete,
}

/// <summary>A change of a record, checked and ready to be written.</summary>
/// <param name="Group">The group.</param>
/// <param name="Action">What it does.</param>
/// <param name="Identifier">The record's identifier.</param>
/// <param name="EventTime">The change's event time, in ticks.</param>
/// <param name="Record">The values, as <see cref="RecordBytes"/> has them; for a deletion the identifier and the event time alone.</param>
/// <param name="Online">Whether it goes to the online store.</param>
/// <param name="Offline">Whether it goes to the offline store.</param>
/// <param name="Expires">When the record expires, in ticks, or null.</param>
/// <param name="Invoked">When the change was asked for, in ticks.</param>
internal sealed record RecordChange(
    FeatureGroup Group, RecordAction Action, string Identifier, long EventTime, byte[] Record,
    bool Online, bool Offline, long? Expires, long Invoked)
{
    /// <summary>Whether a client sends it again, not knowing whether it was taken before.</summary>
    public bool IsRetry { get; init; }

    /// <summary>What the client calls the change, each time it sends it; null where it does not say.</summary>
    public string? Invocation { get; init; }
}
