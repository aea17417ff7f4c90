namespace Acceleration.Models;

/// <summary>Where the components of a model come from.</summary>
internal interface IModelSource : IDisposable
{
    /// <summary>What people call the model.</summary>
    string Name { get; }

    /// <summary>What it was opened from, for messages.</summary>
    string Path { get; }

    /// <summary>The pipeline's class.</summary>
    string Pipeline { get; }

    /// <summary>Whether nothing says what the network predicts.</summary>
    bool IsPredictionUnknown { get; }

    /// <summary>The components, by name, each with its class where something says it.</summary>
    IReadOnlyList<(string Name, string? ClassName)> Components { get; }

    /// <summary>Whether the model has a component.</summary>
    bool Has(string component);

    /// <summary>A component's weights, to be disposed.</summary>
    /// <exception cref="CheckpointException">They are missing or malformed.</exception>
    ICheckpoint Open(string component);

    /// <summary>The folder of a component, where components have folders.</summary>
    string? FolderOf(string component);

    /// <summary>The scheduler.</summary>
    Scheduler Scheduler();

    /// <summary>A setting of the pipeline that is true or false.</summary>
    bool Flag(string key, bool otherwise);
}
