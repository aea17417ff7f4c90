namespace Acceleration.Onnx;

/// <summary>Parts in a row as one graph.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Told">Values of the prelude that it is told behind the stream.</param>
internal sealed record FusedGraph(OnnxGraph Graph, IReadOnlyList<string> Told)
{
    /// <summary>Whether it is given image and text as one tensor.</summary>
    public bool StartsJoint { get; init; }

    /// <summary>Whether it is given the text apart.</summary>
    public bool TakesText { get; init; }

    /// <summary>Whether it makes image and text as one tensor.</summary>
    public bool EndsJoint { get; init; }

    /// <summary>Whether it makes the text apart.</summary>
    public bool MakesText { get; init; }
}
