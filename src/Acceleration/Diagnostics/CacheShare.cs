namespace Acceleration;

/// <summary>What a strategy remembers.</summary>
/// <param name="Strategy">Its tag.</param>
/// <param name="Bytes">Bytes of tensors that it keeps alive; memory that two of them share counts for each.</param>
public readonly record struct CacheShare(string Strategy, long Bytes);
