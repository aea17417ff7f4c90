namespace Acceleration.Tests.Toys;

/// <summary>One body that a toy network ran.</summary>
internal readonly record struct ToyCall(string Site, int Rows, long Tokens);
