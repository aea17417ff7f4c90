namespace Acceleration.Tool;

/// <summary>How golden files of one form are checked.</summary>
internal interface ICheck
{
    /// <summary>The <c>kind</c> of the files.</summary>
    string Kind { get; }

    /// <summary>What it knows of that kind, for the message about a file that nothing knows, for example <c>DiT, DiTTransformer2DModel</c>.</summary>
    string Knows { get; }

    /// <summary>Whether a file of this kind has the form that is checked here, judged by its metadata.</summary>
    bool Fits(GoldenFile file);

    /// <summary>Rebuilds what the file describes and compares it with what the file holds. Runs without gradients, inside a dispose scope.</summary>
    /// <exception cref="NotKnownException">The file asks for something that this library does not compute.</exception>
    /// <exception cref="CheckpointException">The file lacks something.</exception>
    void Run(GoldenFile file, Findings found, CancellationToken cancellation);
}
