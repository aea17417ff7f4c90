namespace Acceleration.Tool;

/// <summary>What <c>generate</c> made of a whole model: <c>generate.json</c>, and standard output with <c>--json</c>.</summary>
internal sealed record ModelReport : IRunReport
{
    public int Schema { get; init; } = 2;

    /// <summary>12 hexadecimal digits over all that decides which pictures are made: model, prompts, sampler, size, seeds, batches, number format.</summary>
    public required string Request { get; init; }

    public required string Model { get; init; }

    /// <summary>The pipeline's class.</summary>
    public required string Pipeline { get; init; }

    /// <summary>Solver, steps, guidance and strategies as a tag.</summary>
    public required string Sampler { get; init; }

    public required int Steps { get; init; }

    /// <summary>Width, height and frames.</summary>
    public required string Size { get; init; }

    public required string DType { get; init; }

    public required int Threads { get; init; }

    /// <summary>Whether all pictures that were asked for are there.</summary>
    public required bool Complete { get; init; }

    /// <summary>Pictures asked for.</summary>
    public required int Asked { get; init; }

    /// <summary>The first prompt; null where there is none.</summary>
    public required string? Prompt { get; init; }

    /// <summary>Seconds of loading the model.</summary>
    public required double LoadSeconds { get; init; }

    /// <summary>Seconds of encoding prompts.</summary>
    public required double TextSeconds { get; init; }

    /// <summary>Seconds of sampling.</summary>
    public required double Seconds { get; init; }

    /// <summary>Seconds of decoding and writing.</summary>
    public required double DecodeSeconds { get; init; }

    /// <summary>Network evaluations per picture, and what they would be without strategies.</summary>
    public required double Evaluations { get; init; }

    /// <inheritdoc cref="Evaluations"/>
    public required double FullEvaluations { get; init; }

    /// <summary>Multiply-adds executed, for all pictures.</summary>
    public required double MultiplyAdds { get; init; }

    /// <summary>Multiply-adds without strategies.</summary>
    public required double FullMultiplyAdds { get; init; }

    /// <summary>Multiply-adds without strategies over those executed; null where nothing was executed.</summary>
    public required double? ArithmeticSpeedup { get; init; }

    /// <summary>What the user should know: cut prompts, idle strategies.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    public required string Folder { get; init; }

    public required IReadOnlyList<Made> Pictures { get; init; }

    public required IReadOnlyList<string> Previews { get; init; }

    IEnumerable<string> IRunReport.Files => Pictures.Select(p => p.File);

    string IRunReport.Told => $"{Model}: {(Prompt is null ? "" : $"\u201c{Prompt}\u201d, ")}{Size}, {Sampler}, {DType}, {Pictures?.Count} of {Asked} pictures";

    /// <param name="File">Its name in the folder.</param>
    /// <param name="Prompt">What it shall show.</param>
    /// <param name="Seed">Its seed.</param>
    internal sealed record Made(string File, string? Prompt, long Seed);
}
