namespace Acceleration.Tests.Toys;

/// <summary>A network in whose bodies a test can interfere.</summary>
internal interface IToy : IDenoiser
{
    /// <summary>Called in the body of every site with its path: throw, cancel or allocate here.</summary>
    Action<string>? InBody { get; set; }
}
